"""What patients were told, to be read: messages as they looked, what waits or failed, and answers."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.who import account_of
from scheduling.admin.appointments import ReadOnly
from scheduling.admin.instants import spoken
from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.booking.rights import SEND_NOTICES, rights_of
from scheduling.identity import identity_of
from scheduling.models import Message, Notice, Reply
from scheduling.notices import answers, settling
from scheduling.notices.channels import ALL
from scheduling.templatetags.clinic import spoken_language
from scheduling.templatetags.texts import seen
from scheduling.views.desk.shared.told import channel_name


class ByChannel(admin.SimpleListFilter):
    """By the names that people know them by."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, channel_name(name)) for name in ALL]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(channel=self.value()) if self.value() else queryset


class ByLanguage(admin.SimpleListFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, spoken_language(code)) for code, _name in settings.LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(language=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ReadOnly, PublicIdentityAdmin):
    list_display = ["sent", "patient", "by_which", "written_in", "subject"]
    list_filter = [ByChannel, ByLanguage]
    list_select_related = ["patient"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["sent", "patient", "by_which", "address", "written_in", "subject", "looked", "source", "about"]
    readonly_fields = ["sent", "by_which", "written_in", "looked", "source", "about"]

    @admin.display(description=_("sent at"), ordering="sent_at")
    def sent(self, message: Message) -> str:
        return spoken(message.sent_at)

    @admin.display(description=_("channel"), ordering="channel")
    def by_which(self, message: Message) -> str:
        return channel_name(message.channel)

    @admin.display(description=_("language"), ordering="language")
    def written_in(self, message: Message) -> str:
        return spoken_language(message.language)

    @admin.display(description=_("text"))
    def looked(self, message: Message) -> str:
        if not message.text:
            return gettext("The text is no longer kept.")
        return format_html('<pre lang="{}">{}</pre>', message.language, seen(message.text))

    @admin.display(description=_("as a page"))
    def source(self, message: Message) -> str:
        """Its source: what others wrote into it is never shown as a page of ours."""
        return format_html("<pre>{}</pre>", seen(message.html)) if message.html else ""

    @admin.display(description=_("notices"))
    def about(self, message: Message) -> str:
        rows = message.notices.order_by("pk")
        return format_html("{}", ", ".join(str(row) for row in rows))


@admin.register(Notice)
class NoticeAdmin(ReadOnly, PublicIdentityAdmin):
    list_display = ["due", "kind", "state", "why", "patient", "sent", "tries", "answered"]
    list_filter = ["state", "kind", "why"]
    list_select_related = ["appointment__patient", "former_patient"]
    list_per_page = 50
    ordering = ["-due_at", "-id"]
    show_full_result_count = False
    actions = ["try_again"]
    fields = [
        *("at_the_desk", "patient", "kind", "days_before", "copy", "state", "why", "due", "tries"),
        *("answered", "by_which", "sent", "delivered", "settled"),
    ]
    readonly_fields = [
        *("at_the_desk", "patient", "due"),
        *("answered", "by_which", "sent", "delivered", "settled"),
    ]

    @admin.display(description=_("due at"), ordering="due_at")
    def due(self, notice: Notice) -> str:
        return spoken(notice.due_at)

    @admin.display(description=_("sent at"), ordering="sent_at")
    def sent(self, notice: Notice) -> str:
        return spoken(notice.sent_at) if notice.sent_at else ""

    @admin.display(description=_("the server's answer"))
    def answered(self, notice: Notice) -> str:
        return answers.in_words(notice.answer)

    @admin.display(description=_("channel"))
    def by_which(self, notice: Notice) -> str:
        return channel_name(notice.channel)

    @admin.display(description=_("delivered at"), ordering="delivered_at")
    def delivered(self, notice: Notice) -> str:
        return spoken(notice.delivered_at) if notice.delivered_at else ""

    @admin.display(description=_("patient"))
    def patient(self, notice: Notice) -> str:
        return str(notice.former_patient or notice.appointment.patient)

    @admin.display(description=_("settled"))
    def settled(self, notice: Notice) -> str:
        if notice.settled_at is None:
            return ""
        who = notice.settled_by.spoken_name if notice.settled_by else ""
        return f"{spoken(notice.settled_at)} {who}".strip()

    @admin.display(description=_("To change it"))
    def at_the_desk(self, notice: Notice) -> str:
        address = reverse("desk:appointment", args=[identity_of(notice.appointment)])
        return format_html('<a href="{}#messages">{}</a>', address, gettext("Open it at the desk"))

    def has_send_permission(self, request: HttpRequest) -> bool:
        return SEND_NOTICES in rights_of(account_of(request))

    @admin.action(description=_("Try again"), permissions=["send"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        keys = list(queryset.order_by().values_list("pk", flat=True))
        done = settling.try_again(Q(pk__in=keys), now=timezone.now())
        if not done:
            said = gettext("Nothing goes out again: it did not fail, or somebody has told the patient.")
            self.message_user(request, said, messages.WARNING)
            return
        said = ngettext(
            "%(count)s message that failed goes out again, as things stand then.",
            "%(count)s messages that failed go out again, as things stand then.",
            done,
        )
        self.message_user(request, said % {"count": done}, messages.SUCCESS)


@admin.register(Reply)
class ReplyAdmin(ReadOnly, PublicIdentityAdmin):
    list_display = ["came", "patient", "text", "meaning", "outcome", "why"]
    list_filter = ["meaning", "outcome", "why"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["came", "sender", "patient", "text", "meaning", "outcome", "why", "settled"]
    readonly_fields = ["came", "patient", "settled"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reply]:
        notices = Notice.objects.select_related("appointment__patient", "former_patient")
        return (
            super()
            .get_queryset(request)
            .select_related("settled_by")
            .prefetch_related(Prefetch("notice", notices))
        )

    @admin.display(description=_("at"), ordering="at")
    def came(self, reply: Reply) -> str:
        return spoken(reply.at)

    @admin.display(description=_("patient"))
    def patient(self, reply: Reply) -> str:
        notice = reply.notice
        return str(notice.former_patient or notice.appointment.patient) if notice else ""

    @admin.display(description=_("settled"))
    def settled(self, reply: Reply) -> str:
        if reply.settled_at is None:
            return ""
        who = reply.settled_by.spoken_name if reply.settled_by else ""
        return f"{spoken(reply.settled_at)} {who}".strip()
