"""Charts of published figures: plain geometry that knows no request and no template, drawn by one template as SVG."""
