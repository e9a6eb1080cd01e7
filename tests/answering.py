"""Sessions that torch has answered, without its process."""

from bptui.session.session import Session
from bptui.session.torch_side.process import TorchAnswer
from bptui.session.worker import answer_question


def answer_all(session: Session) -> Session:
    """The session after all that torch's process has to say of its round and the next."""
    session = session.torch_ready("2")
    while (question := session.next_question()) is not None:
        (found,) = answer_question(vars(question))
        answer = TorchAnswer(**{name: found.get(name) for name in TorchAnswer.__match_args__})
        session = session.with_answer(session.run, question, answer)
    return session
