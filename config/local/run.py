"""``make run``: the whole register on this machine, until Ctrl-C."""

from config.local import venv
from config.local.places import state_folder
from config.local.refusal import explained, listen_for_stop


def main() -> int:
    """Prepare the packages, then serve."""
    listen_for_stop()
    venv.enter("config.local.run", development=False)
    from config.local.serve import serve  # only now the packages are there

    return serve(state_folder())


if __name__ == "__main__":
    explained(main, folder=state_folder())
