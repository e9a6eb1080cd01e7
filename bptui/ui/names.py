"""What settings are called on the screen: most as in a lesson's file, some in more words."""

_NAMES = {"rounds": "epochs (rounds)", "step": "step η", "gradient": "gradient rule", "init": "initialisation"}


def setting_name(name: str) -> str:
    """What a field of ``Spec`` is called."""
    return _NAMES.get(name, name.replace("_", " "))
