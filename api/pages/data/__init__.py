"""The data of an area: imported with every issue shown and every change told, and its tables."""
