"""The trainee's pages."""

from ui.web.stubs import import_gradio

import_gradio()
