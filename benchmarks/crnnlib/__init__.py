"""Parts of the training benchmark in `train_crnn.py`: label readers, pixels, model, training, scoring, report."""
