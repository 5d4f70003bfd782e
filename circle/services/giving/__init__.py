"""What givers and receivers do in a round: log, ask, pass, answer, thank."""
