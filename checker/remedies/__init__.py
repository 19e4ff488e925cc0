"""Changes that would settle a finding, each judged by the engine before it is offered; and the safe ones applied."""
