"""decide(command, dispute, context) -> events: pure, one file per step of the flow."""
