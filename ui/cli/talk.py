"""A session talked in the terminal: the card, the customer's lines as they come, the desk."""

from collections.abc import Iterator

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from llm.errors import ModelError
from scenarios.commands import parse_command
from scenarios.types import Argument
from simulator.session import NothingToAnswer, Piece, SessionOver
from simulator.types import ActionCall, Event
from ui.cli.consoles import out, say
from ui.cli.endings import ENDINGS
from ui.cli.opening import opened_practice
from ui.cli.scorecard import show_scorecard
from ui.cli.start import PERSON, Start
from ui.services.errors import PracticeError
from ui.services.line import InLine
from ui.services.practice import Practice
from ui.services.views import SessionView
from ui.settings import Settings

HELP = """\
/do ACTION ARGUMENT=VALUE …   do something at the desk: /do look_up_order order_id=4471
/desk                         the actions there are, and what was done
/policy                       the business's policy
/retry                        ask for the customer's answer again
/end                          end the conversation and grade it
/help                         this
Everything else is said to the customer. Ctrl-C keeps the session for later."""


def talk(
    settings: Settings,
    start: Start,
    *,
    resume: str | None,
    graded: bool,
) -> None:
    """Talk from the greeting to the scorecard, or until Ctrl-C."""
    with opened_practice(settings) as practice:
        session_id = resume or start.begin(practice)
        conversation = Conversation(practice, session_id, out())
        try:
            conversation.hold()
            if graded:
                show_scorecard(practice, session_id, PERSON)
        except (KeyboardInterrupt, EOFError):
            say(f"\nKept. Go on with: spardesk practice --resume {session_id}")


class Conversation:
    """One session in one terminal."""

    def __init__(self, practice: Practice, session_id: str, console: Console) -> None:
        self._practice = practice
        self._id = session_id
        self._console = console

    def hold(self) -> None:
        """Read lines and answer them until the conversation has ended."""
        view = self._view()
        self._show_start(view)
        if view.waits_for_customer:
            self._hear(self._practice.retry(self._id, PERSON))
        while (view := self._view()).ended is None:
            self._practice.read_ahead(self._id, PERSON)
            line = self._console.input("[bold cyan]you[/] > ")
            try:
                self._take(line)
            except (NothingToAnswer, PracticeError, SessionOver) as refused:
                self._print(str(refused))
        self._console.print(f"\n{ENDINGS[view.ended]}", style="bold", markup=False)

    def _view(self) -> SessionView:
        return self._practice.view(self._id, PERSON)

    def _take(self, line: str) -> None:
        """Do one line: a command, or something to say."""
        word, _, rest = line.strip().partition(" ")
        match word:
            case "/do":
                self._do(rest)
            case "/desk":
                self._show_desk()
            case "/policy":
                self._print(self._view().policy)
            case "/retry":
                self._hear(self._practice.retry(self._id, PERSON))
            case "/end":
                self._practice.end(self._id, PERSON)
            case "/help":
                self._print(HELP)
            case _ if word.startswith("/"):
                self._print(f"There is no command {word!r}; /help lists what there is.")
            case _:
                self._hear(self._practice.reply(self._id, PERSON, line))

    def _hear(self, parts: Iterator[InLine | Piece | Event]) -> None:
        """Write the customer's words as they come; a failed model keeps what was said."""
        name = Text(self._view().persona_name, "bold magenta")
        started = False
        try:
            for part in parts:
                if isinstance(part, Piece):
                    self._console.print(name + Text(" > ") if not started else "", end="")
                    started = True
                    self._console.print(part.text, end="", markup=False, soft_wrap=True)
        except ModelError as error:
            self._print(f"\n{error}\nWhat you said is kept; /retry asks for the answer again.")
        if started:
            self._console.print()

    def _do(self, command: str) -> None:
        try:
            read = parse_command(command)
        except ValueError as error:
            self._print(f"/do {command}: {error}. Example: /do look_up_order order_id=4471")
            return
        call = ActionCall(name=read.name, arguments=read.arguments)
        result = self._practice.act(self._id, PERSON, call)
        style = "green" if result.done else "yellow"
        self._console.print(Text(f"desk > {result.message}", style))

    def _show_start(self, view: SessionView) -> None:
        card = view.card
        lines = [card.contact, card.reason, "", "You practise:"]
        lines += [f"  - {objective}" for objective in card.objectives]
        title = f"{view.title} - {view.business}, level {view.level}"
        self._console.print(Panel(Text("\n".join(lines)), title=Text(title), title_align="left"))
        self._print(f"Customer played by {view.model}. Recorded and graded. /help for help.\n")
        for line in view.lines:
            self._print(f"{'you' if line.speaker == 'agent' else view.persona_name} > {line.text}")

    def _show_desk(self) -> None:
        view = self._view()
        for action in view.actions:
            arguments = " ".join(f"{each.name}={_hint(each)}" for each in action.arguments)
            self._print(f"/do {action.name} {arguments}   ({action.title})")
        for entry in view.desk:
            self._print(f"{entry.title}: {entry.result.message}")

    def _print(self, text: str) -> None:
        """Text as it is: what people and models wrote is no markup."""
        self._console.print(text, markup=False, soft_wrap=True)


def _hint(argument: Argument) -> str:
    """What may be written: the codes, each with its label where it has one."""
    labels = {choice: argument.labels.get(choice) for choice in argument.choices}
    choices = [f"{choice}({label})" if label else choice for choice, label in labels.items()]
    return "|".join(choices) or f"<{argument.label}>"
