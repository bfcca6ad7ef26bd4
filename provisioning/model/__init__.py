"""The frozen vocabulary that the stages hand to each other. Pure data."""
