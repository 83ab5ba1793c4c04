"""A browser for the tests that open pages."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def chromium(tmp_path_factory) -> list[str]:
    """The command that runs Chromium without a window. Where CHROMIUM_REQUIRED is set, as in .ci/run, it must be
    there."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if os.environ.get("CHROMIUM_REQUIRED"):
            pytest.fail("there is no Chromium, and CHROMIUM_REQUIRED is set")
        pytest.skip("there is no Chromium to open pages with")
    command = [found, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return [*command, "--disable-sync", f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]
