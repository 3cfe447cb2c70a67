"""Django's admin for users and vocabularies only. Cases are never edited there."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from register.models import ApiToken, ForensicService, Laboratory, Substance, SubstanceSynonym, User


@admin.register(User)
class RegisterUserAdmin(UserAdmin):
    """Accounts end or are switched off; nobody deletes one, because the trail names it."""

    list_display = ("username", "role", "region", "is_active", "ends_on", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("region",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "language")}),
        ("Work", {"fields": ("role", "region", "forensic_service", "ends_on", "is_active")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "role", "region", "forensic_service", "password1", "password2")}),)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


class SynonymInline(admin.TabularInline):
    model = SubstanceSynonym
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Substance | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Substance | None = None) -> bool:
        return False


@admin.register(Substance)
class SubstanceAdmin(admin.ModelAdmin):
    """The catalogue, to look at: its stewards change it on pages of their own, with a reason and a history."""

    list_display = ("code", "name_nl", "group", "status", "early_warning")
    list_filter = ("status", "group")
    list_select_related = ("group",)
    search_fields = ("code", "name_nl", "name_en", "synonyms__text")
    inlines = (SynonymInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Substance | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Substance | None = None) -> bool:
        return False


@admin.register(Laboratory, ForensicService)
class PlaceAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "active")

    def has_delete_permission(self, request: HttpRequest, obj: Laboratory | None = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens are made by command and shown once; here one sees their last use."""

    list_display = ("organisation", "created_at", "expires_at", "last_used_at", "revoked_at")
    readonly_fields = ("organisation", "created_at", "created_by", "expires_at", "last_used_at", "revoked_at")
    exclude = ("digest",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
