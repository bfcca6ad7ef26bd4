"""What Proviso remembers: lines, orders, devices, pools and assignments (SQLite; PostgreSQL by the same tables)."""
