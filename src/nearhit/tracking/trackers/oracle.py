"""oracle: perfect tracking from the truth; the bound of trackers inside the same buckets."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.event import NOISE, UNKNOWN, Event
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.errors import SkippedError
from nearhit.machine.kernels import kernel
from nearhit.tracker import Takes, TrackerSetting, tracker


@tracker
class Oracle:
    """The track of a particle is its hits in the bucket that holds most of them."""

    name: ClassVar[str] = "oracle"
    takes: ClassVar[Takes] = "both"
    truth: ClassVar[bool] = True
    one_thread: ClassVar[bool] = True

    setting: TrackerSetting

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        if event.truth is None:
            raise SkippedError(f"{event.name} has no truth")
        ids = event.truth.particle_id
        with self.setting.stage("follow"):
            of_particle = (ids != NOISE) & (ids != UNKNOWN)
            particles, number = np.unique(ids[of_particle], return_inverse=True)
            particle = np.full(len(ids), NO_TRACK, np.int32)
            particle[of_particle] = number
            bucket_of = _fullest_buckets(buckets.members, particle, len(particles))
            return Tracks(_within(buckets.members, particle, bucket_of))


@kernel()
def _fullest_buckets(
    members: NDArray[np.int32], particle: NDArray[np.int32], n_particles: int
) -> NDArray[np.int64]:
    """Return the first of the buckets that hold most hits of each particle."""
    most, fullest = np.zeros(n_particles, np.int32), np.zeros(n_particles, np.int64)
    here = np.zeros(n_particles, np.int32)
    for bucket in range(len(members)):
        for hit in members[bucket]:
            if hit >= 0 and particle[hit] >= 0:
                here[particle[hit]] += 1
        for hit in members[bucket]:
            if hit >= 0 and particle[hit] >= 0:
                if here[particle[hit]] > most[particle[hit]]:
                    most[particle[hit]], fullest[particle[hit]] = here[particle[hit]], bucket
                here[particle[hit]] = 0
    return fullest


@kernel()
def _within(
    members: NDArray[np.int32], particle: NDArray[np.int32], bucket_of: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return the particle of each hit that is in the bucket of its particle."""
    track = np.full(len(particle), NO_TRACK, np.int32)
    for bucket in range(len(members)):
        for hit in members[bucket]:
            if hit >= 0 and particle[hit] >= 0 and bucket_of[particle[hit]] == bucket:
                track[hit] = particle[hit]
    return track
