"""What is drawn round and over a text: plates, rules, frames, seals; one function and one spec a decoration."""
