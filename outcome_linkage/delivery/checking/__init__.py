"""What would become of a delivery, told to its supplier before it is sent."""
