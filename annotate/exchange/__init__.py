"""Labels of the store as the datasets that trainers and other tools read, and back."""
