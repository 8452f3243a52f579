"""How the scripts of this folder name embedding spaces, so that the pack of a tower and of a generator meet.

Embeddings of one space mean nothing in another, so Noesis gives a generator or captioner only embeddings of the space
that its pack names, by model and layer. A space is called as the pack of the tower calls it that makes such embeddings:

    model   what clip.py, dinov2.py or git.py --tower was told to export: CHECKPOINT; of an encoder inside a pipeline's
            checkpoint, CHECKPOINT and its folder: "kandinsky-community/kandinsky-2-2-prior image_encoder"
    layer   the output of that pack: image_embeds, image_tokens

A script that knows the encoder of its checkpoint names it so. Where only you know which one it is (an adapter's file
does not say), give --space. A pack that is exported already is told by `noesis models set-space`.
"""


def options(parser, known):
    """--space; `known` says what stands there without it."""
    parser.add_argument("--space", metavar="MODEL", help=f"the encoder's name in the pack of its tower (default: {known})")


def inside(checkpoint, folder="image_encoder"):
    """The name of an encoder that lies inside the checkpoint of a pipeline."""
    return f"{checkpoint} {folder}"
