"""`python -m nearhit` is `nearhit`."""

from .cli import main

if __name__ == "__main__":
    main()
