"""The privacy gate and the way into landing: where a delivery crosses to the research side."""
