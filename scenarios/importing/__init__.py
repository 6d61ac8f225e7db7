"""Makes packs of other projects' tasks: reads their files and writes Spardesk's."""
