"""From the text people write to values and rendered ensembles."""
