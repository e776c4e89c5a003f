"""What the course claims about speed, measured: python -m benchmarks writes README.md and speed.png in this folder."""
