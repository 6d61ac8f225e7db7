"""The administrators' pages: accounts and teams, and the audit trail."""

from typing import Any

import gradio as gr

from records.people import Role
from ui.services.access import Actor
from ui.web.parts import QUICK, Changes, Page, notice, root_page, static, told
from ui.web.rendering import render

ROLES = [role.value for role in Role]


class AccountsPage(Page):
    """Accounts and teams, and forms that change them."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("admin")
        self._buttons: list[tuple[gr.Button, Any, list[Any]]] = []
        self.message = static("")
        self.body = static("", elem_id="accounts")
        with gr.Row(elem_id="admin-forms"):
            with gr.Column():
                self._build_new()
            with gr.Column():
                self._build_change()
            with gr.Column():
                self._build_team()
        root_page().load(told(self.show, self._tell), None, [self.body], **QUICK)
        shown = [self.message, self.body, self.first_password, self.new_password]
        for button, handler, fields in self._buttons:
            button.click(told(handler, self._tell), fields, shown, **QUICK)

    def _build_new(self) -> None:
        static("<h2>Add an account</h2>")
        fields: list[Any] = [
            gr.Textbox(label="Login"),
            gr.Textbox(label="Name"),
            gr.Dropdown(label="Role", choices=ROLES, value=Role.TRAINEE.value),
            gr.Textbox(label="Teams, with commas between"),
        ]
        self.first_password = gr.Textbox(
            label="Password; none: single sign-on only", type="password"
        )
        self._button("Add the account", self.create, [*fields, self.first_password])

    def _build_change(self) -> None:
        static("<h2>Change an account</h2>")
        login = gr.Textbox(label="Login of the account")
        role = gr.Dropdown(label="Role", choices=ROLES, value=Role.TRAINEE.value)
        self._button("Give this role", self.set_role, [login, role])
        teams = gr.Textbox(label="Teams, with commas between; none: in no team")
        self._button("Put into these teams", self.set_teams, [login, teams])
        self.new_password = gr.Textbox(label="New password", type="password")
        self._button("Set the password", self.set_password, [login, self.new_password])
        self._button("Log out everywhere", self.log_out, [login])
        self._button("Disable", self.disable, [login])
        self._button("Enable", self.enable, [login])

    def _build_team(self) -> None:
        static("<h2>Add a team</h2>")
        self._button("Add the team", self.add_team, [gr.Textbox(label="Name of the team")])

    def _button(self, label: str, handler: Any, fields: list[Any]) -> None:
        """A button that does something with the fields, then shows the page anew."""
        self._buttons.append((gr.Button(label), handler, fields))

    # --- handlers -------------------------------------------------------------------------------

    def show(self, request: gr.Request) -> Changes:
        """The page as it is now."""
        return {self.body: self._html(self.actor(request))}

    def create(
        self, login: str, name: str, role: str, teams: str, password: str, request: gr.Request
    ) -> Changes:
        """A new account."""
        admin, accounts = self.actor(request), self._site.people.accounts
        made = accounts.create(admin, login, name, Role(role), _names(teams), password or None)
        return self._done(admin, f"{made.login} can log in now.")

    def set_role(self, login: str, role: str, request: gr.Request) -> Changes:
        """Another role."""
        admin = self.actor(request)
        self._site.people.accounts.set_role(admin, login, Role(role))
        return self._done(admin, f"{login} is {role} from now on.")

    def set_teams(self, login: str, teams: str, request: gr.Request) -> Changes:
        """Other teams."""
        admin = self.actor(request)
        self._site.people.accounts.set_teams(admin, login, _names(teams))
        return self._done(admin, f"{login} is in these teams from now on.")

    def set_password(self, login: str, password: str, request: gr.Request) -> Changes:
        """Another password."""
        admin = self.actor(request)
        self._site.people.accounts.set_password(admin, login, password)
        return self._done(admin, f"{login} has another password, and is logged out everywhere.")

    def log_out(self, login: str, request: gr.Request) -> Changes:
        """End somebody's logins."""
        admin, people = self.actor(request), self._site.people
        people.logins.log_out_everywhere(admin, people.accounts.named(admin, login).id)
        return self._done(admin, f"{login} is logged out everywhere.")

    def disable(self, login: str, request: gr.Request) -> Changes:
        """Let somebody in no more."""
        admin = self.actor(request)
        self._site.people.accounts.disable(admin, login)
        return self._done(admin, f"{login} cannot log in any more.")

    def enable(self, login: str, request: gr.Request) -> Changes:
        """Let somebody in again."""
        admin = self.actor(request)
        self._site.people.accounts.enable(admin, login)
        return self._done(admin, f"{login} can log in again.")

    def add_team(self, name: str, request: gr.Request) -> Changes:
        """A new team."""
        admin = self.actor(request)
        team = self._site.people.accounts.add_team(admin, name)
        return self._done(admin, f"There is a team {team.name} now.")

    # --- showing --------------------------------------------------------------------------------

    def _html(self, admin: Actor) -> str:
        accounts = self._site.people.accounts
        teams = accounts.teams(admin)
        names = {team.id: team.name for team in teams}
        return render("accounts.html", accounts=accounts.all(admin), teams=teams, names=names)

    def _done(self, admin: Actor, text: str) -> Changes:
        return {
            self.message: notice(text, "Done.", "calm"),
            self.body: self._html(admin),
            self.first_password: "",
            self.new_password: "",
        }

    def _tell(self, text: str) -> Changes:
        return {self.message: notice(text, "That did not work.")}


class TrailPage(Page):
    """Who did what, newest first."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("admin")
        self.body = static("", elem_id="trail")
        root_page().load(told(self.show, self._tell), None, [self.body], **QUICK)

    def show(self, request: gr.Request) -> Changes:
        """The page as it is now."""
        admin, people = self.actor(request), self._site.people
        entries = people.audit.trail(admin)
        names = {account.id: account.login for account in people.accounts.all(admin)}
        return {self.body: render("trail.html", entries=entries, names=names)}

    def _tell(self, text: str) -> Changes:
        return {self.body: render("missing.html", title="This cannot be shown", text=text)}


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
