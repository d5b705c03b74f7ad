"""From what a command found to what people see in their terminal."""
