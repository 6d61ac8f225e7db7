"""A second inspector beside the model: rules on words, times and numbers, as call centres use."""
