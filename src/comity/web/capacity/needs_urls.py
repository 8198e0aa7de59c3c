"""Addresses of needs, offers and what can be counted. A need, an offer and a resource stand at their references."""

from __future__ import annotations

from django.urls import path

from comity.web.capacity import contribution_sheets, needs, offers, resources

NEEDS, OFFERS = {"kind": "needs"}, {"kind": "offers"}

urlpatterns = [
    path("needs/", needs.list_all, name="needs"),
    path("needs/new", needs.new, name="new-need"),
    path("needs/sheet", contribution_sheets.sheet, NEEDS, name="needs-sheet"),
    path("needs/mine.xlsx", contribution_sheets.own_sheet, NEEDS | {"form": "xlsx"}, name="needs-xlsx"),
    path("needs/mine.csv", contribution_sheets.own_sheet, NEEDS | {"form": "csv"}, name="needs-own-csv"),
    path("needs/public.csv", contribution_sheets.public_csv, NEEDS, name="needs-csv"),
    path("needs/<slug:slug>", needs.need, name="need"),
    path("needs/<slug:slug>/change", needs.change, name="change-need"),
    path("needs/<slug:slug>/files/<str:name>", needs.need_file, name="need-file"),
    path("offers/", offers.list_all, name="offers"),
    path("offers/new", offers.new, name="new-offer"),
    path("offers/sheet", contribution_sheets.sheet, OFFERS, name="offers-sheet"),
    path("offers/mine.xlsx", contribution_sheets.own_sheet, OFFERS | {"form": "xlsx"}, name="offers-xlsx"),
    path("offers/mine.csv", contribution_sheets.own_sheet, OFFERS | {"form": "csv"}, name="offers-own-csv"),
    path("offers/public.csv", contribution_sheets.public_csv, OFFERS, name="offers-csv"),
    path("offers/<slug:slug>", offers.offer, name="offer"),
    path("offers/<slug:slug>/change", offers.change, name="change-offer"),
    path("resources/", resources.list_all, name="resources"),
    path("resources/<slug:slug>", resources.resource, name="resource"),
]
