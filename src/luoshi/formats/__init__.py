"""Text and files on one side, kernel values on the other: YAML, CSV, XLSX, GeoJSON."""
