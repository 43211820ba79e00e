"""Settings of all tests."""

from hypothesis import settings

settings.register_profile("convlens", deadline=None)  # a busy machine is not a fault
settings.load_profile("convlens")
