"""What exists in local mode only: the mailbox and the patterns."""
