"""Quality of deliveries over time: what is measured, how it is judged by its own past, how it is shown."""
