"""What runs: the embedded servers, the processes around them and the supervisor behind `manage.py up`.

Nothing here imports Django or the product, so that a stack starts before settings can be read.
"""
