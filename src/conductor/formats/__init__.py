"""Values to text: what people, other programs and forges read."""
