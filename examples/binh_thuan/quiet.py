"""The same province without a word, for pages, notebooks and tests that show it their own way."""

from __future__ import annotations

from demo import HERE, PLACE, YEAR, read_figures, read_real_areas
from generate import Target, make_province, published
from people import make_society

from xhht import bundled_profiles, load_profile
from xhht.campaign import Campaign, Run
from xhht.criteria.files import profile_files
from xhht.domain import AreaLevel, AreaTree, Title

__all__ = ["make_run"]


def make_run(*, households: int = 5_000, seed: int = YEAR) -> Run:
    """Return the synthetic Bình Thuận, evaluated bottom-up.

    Args:
        households: how many to make, at the published rate; at least 5,000.
        seed: from which all of it is drawn.
    """
    figures = published(read_figures(), PLACE, str(YEAR))
    targets = {title: Target.implied_by(figure) for title, figure in figures.items()}
    targets[Title.LEARNING_HOUSEHOLD] = targets[Title.LEARNING_HOUSEHOLD].scaled_to(households)
    real = read_real_areas()
    province = make_province(real.at_level(AreaLevel.COMMUNE), targets, seed=seed)
    invented = map(load_profile, profile_files([HERE / "profiles"]))
    profiles = [*bundled_profiles(), *invented]
    tree = AreaTree([*real, *(village.area for village in province.villages)])
    return Campaign(YEAR, profiles, tree, illustrative=True).run(make_society(province))
