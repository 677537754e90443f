from __future__ import annotations

from tests.factories import tiny_instance


def test_copy_forgets_what_was_computed_from_the_old_content() -> None:
    instance = tiny_instance()
    before = instance.content_hash
    known = set(instance.person_by_id)
    fewer = instance.model_copy(update={"people": instance.people[1:]})
    assert set(fewer.person_by_id) == known - {instance.people[0].id}
    assert fewer.content_hash != before
    assert instance.content_hash == before


def test_hash_ignores_the_order_of_rows_and_maps() -> None:
    instance = tiny_instance()
    turned = instance.model_copy(
        update={name: tuple(reversed(rows)) for name, rows in instance.tables()}
    )
    assert turned.content_hash == instance.content_hash
