"""What is published, and checked: indicators, provinces, observations, how they are loaded, the codebook."""
