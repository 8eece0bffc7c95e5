"""All tables. What a picture's labels are is the truth here; vectors, thumbnails and scores can be made again."""

from annotate.store.label_tables import EditRow as EditRow
from annotate.store.label_tables import ReadingRow as ReadingRow
from annotate.store.label_tables import ReadRow as ReadRow
from annotate.store.label_tables import RegionRow as RegionRow
from annotate.store.label_tables import ReviewRow as ReviewRow
from annotate.store.pool_tables import AddingRow as AddingRow
from annotate.store.pool_tables import ClipRow as ClipRow
from annotate.store.pool_tables import CollectionRow as CollectionRow
from annotate.store.pool_tables import HardnessRow as HardnessRow
from annotate.store.pool_tables import ImageRow as ImageRow
from annotate.store.pool_tables import OutcomeRow as OutcomeRow
from annotate.store.pool_tables import SourceRow as SourceRow
from annotate.store.pool_tables import TagRow as TagRow
from annotate.store.pool_tables import TwinRow as TwinRow
from annotate.store.pool_tables import VectorRow as VectorRow
from annotate.store.pool_tables import VerdictRow as VerdictRow
from annotate.store.tables import Base as Base
from annotate.store.work_tables import BatchItemRow as BatchItemRow
from annotate.store.work_tables import BatchRow as BatchRow
from annotate.store.work_tables import DatasetRow as DatasetRow
from annotate.store.work_tables import JobRow as JobRow
from annotate.store.work_tables import LeaseRow as LeaseRow
from annotate.store.work_tables import SessionRow as SessionRow
from annotate.store.work_tables import UserRow as UserRow
from annotate.store.work_tables import WorkRow as WorkRow
