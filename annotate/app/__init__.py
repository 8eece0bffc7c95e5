"""The browser app: Gradio pages and the canvas."""
