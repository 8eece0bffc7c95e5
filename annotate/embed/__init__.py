"""Pictures and words as vectors of one space: CLIP's two towers, and the views of a picture that are embedded."""
