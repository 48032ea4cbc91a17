"""What belongs to tespy's tools: characteristics, and the names of its errors."""
