"""What a supplier gets back for a delivery: what to fix first, cell by cell, as a page and as a spreadsheet.

It is made from one supplier's own deliveries and nothing else. It holds no value of the data but the
supplier's own record_key, and codes that can be nothing but codes (`codes`).
"""
