"""Every controller of the application."""

from __future__ import annotations

from interface.api.routes.access import AccessController
from interface.api.routes.api_keys import ApiKeysController
from interface.api.routes.as_of import TravelController
from interface.api.routes.audit import AuditController
from interface.api.routes.bundles import BundleController, BundleSetController
from interface.api.routes.case_counts import CaseCountsController
from interface.api.routes.cases import DisputesController
from interface.api.routes.deadlines import LedgersController
from interface.api.routes.decision_consistency import ConsistencyController
from interface.api.routes.erasures import ErasuresController
from interface.api.routes.evidence import EvidenceController
from interface.api.routes.feed import FeedController
from interface.api.routes.figures import FigureController
from interface.api.routes.filing import FilingController
from interface.api.routes.grants import GrantsController
from interface.api.routes.import_list import ImportsController
from interface.api.routes.linked_files import LinksController
from interface.api.routes.log import LogController
from interface.api.routes.log_keys import LogKeyController
from interface.api.routes.messages import MessagesController
from interface.api.routes.notice_deliveries import NoticeDeliveriesController
from interface.api.routes.operation import (
    CodesController,
    HealthController,
)
from interface.api.routes.policies import PoliciesController
from interface.api.routes.proofs import ProofController
from interface.api.routes.published_reports import PublishedReportsController
from interface.api.routes.queue import NoticesController, QueueController
from interface.api.routes.queue_counts import QueueCountsController
from interface.api.routes.receipts import ReceiptController
from interface.api.routes.regulations import RegulationsController
from interface.api.routes.replay import ReplayController
from interface.api.routes.sellers import SellersController
from interface.api.routes.transparency import TransparencyController
from interface.api.routes.webhook_changes import WebhookChangesController
from interface.api.routes.webhook_deliveries import WebhookDeliveriesController
from interface.api.routes.webhooks import WebhooksController

CONTROLLERS = (
    DisputesController,
    FilingController,
    CaseCountsController,
    ApiKeysController,
    EvidenceController,
    LinksController,
    LedgersController,
    MessagesController,
    SellersController,
    PublishedReportsController,
    QueueController,
    QueueCountsController,
    NoticesController,
    AuditController,
    ReplayController,
    TravelController,
    ProofController,
    BundleController,
    BundleSetController,
    LogController,
    LogKeyController,
    ReceiptController,
    AccessController,
    GrantsController,
    ImportsController,
    ErasuresController,
    FeedController,
    NoticeDeliveriesController,
    WebhooksController,
    WebhookChangesController,
    WebhookDeliveriesController,
    TransparencyController,
    FigureController,
    ConsistencyController,
    CodesController,
    PoliciesController,
    RegulationsController,
    HealthController,
)
