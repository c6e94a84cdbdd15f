"""Makes a record of any size: what sample cases tell, decided once and varied."""
