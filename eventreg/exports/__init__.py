"""Tables for other programs: CSV and XLSX."""
