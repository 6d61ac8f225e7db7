"""Many trainees at once: `spardesk bench load`."""
