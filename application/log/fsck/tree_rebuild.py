"""Builds the tree again, and compares it with the stored tiles and the checkpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import Connection

from application.log.build.batches import Batch, tip
from application.log.build.stored_tree import StoredTree
from application.log.format.tiles import HEIGHT, WIDTH, Tile
from application.log.format.tree import HASH_BYTES, Edge
from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.trusted_checkpoints import Anchor


def log_end(connection: Connection[object]) -> Batch:
    """Return the log's last batch. Raises Differs if even its beginning is gone."""
    try:
        return tip(connection)
    except LookupError as error:
        raise Differs(Finding(property=Property.TREE, said=str(error))) from None


def check_not_cut(anchors: Sequence[Anchor], size: int) -> None:
    """Raise Differs if the largest checkpoint, the last, covers more than is there."""
    if anchors and anchors[-1].size > size:
        last = anchors[-1]
        raise Differs(
            Finding(
                property=Property.TREE,
                said=f"the log was cut: the checkpoint ({last.source}) covers more",
                index=size,
                expected=f"{last.size} entries",
                got=f"{size}",
            )
        )


class TreeRebuild:
    """A tree that grows as the log did; it has to have the root of each checkpoint."""

    def __init__(
        self, connection: Connection[object], anchors: Sequence[Anchor]
    ) -> None:
        self.edge = Edge()
        self._connection = connection
        self._anchors = [one for one in anchors if one.size > 0]
        self._good = 0

    def take(self, batch: Batch, leaves: list[bytes]) -> None:
        """Append the leaf hashes of a batch. Raises Differs."""
        start = self.edge.size
        for end in self._stops(batch):
            self.edge.extend(leaves[self.edge.size - start : end - start], self._grown)
            self._check_anchors()
        if self.edge.root != batch.root:
            raise self._wrong_root("the stored tree", batch.root)

    def _stops(self, batch: Batch) -> Iterator[int]:
        """Yield the sizes at which roots are compared: checkpoints', the batch's."""
        for anchor in self._anchors:
            if anchor.size >= batch.size:
                break
            yield anchor.size
        yield batch.size

    def _check_anchors(self) -> None:
        while self._anchors and self._anchors[0].size == self.edge.size:
            anchor = self._anchors.pop(0)
            if anchor.checkpoint.root != self.edge.root:
                said = f"the checkpoint ({anchor.source})"
                raise self._wrong_root(said, anchor.checkpoint.root)
            self._good = anchor.size

    def finish(self) -> None:
        """Raise Differs if a checkpoint covers more."""
        check_not_cut(self._anchors, self.edge.size)
        log_end(self._connection)

    def _wrong_root(self, source: str, root: bytes) -> Differs:
        return Differs(
            Finding(
                property=Property.TREE,
                said=(
                    f"{source} of {self.edge.size} entries has another root; what"
                    f" differs is among log entries {self._good} to"
                    f" {self.edge.size - 1}"
                ),
                expected=root.hex(),
                got=self.edge.root.hex(),
            )
        )

    def _grown(self, level: int, hashes: Sequence[bytes]) -> None:
        """Compare new nodes with the higher tiles; the leaves were compared before."""
        if level == 0 or level % HEIGHT:
            return
        # They are the last complete nodes of their level at the size reached.
        first = (self.edge.size >> level) - len(hashes)
        tree = StoredTree(self._connection)
        for index, made in enumerate(hashes, first):
            tile = tree.tile(level // HEIGHT, index // WIDTH)
            place = index % WIDTH * HASH_BYTES
            if (there := tile[place : place + HASH_BYTES]) != made:
                path = Tile(level // HEIGHT, index // WIDTH).path
                raise Differs(
                    Finding(
                        property=Property.TREE,
                        said=f"tile {path} differs at its hash {index % WIDTH}",
                        expected=there.hex() or "none",
                        got=made.hex(),
                    )
                )
