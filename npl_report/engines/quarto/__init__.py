"""The engine quarto."""
