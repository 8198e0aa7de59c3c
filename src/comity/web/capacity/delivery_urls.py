"""Addresses of what follows a round: commitments and their deliveries, agreements, seats of courses, activities of IATI."""

from __future__ import annotations

from django.urls import path

from comity.web.capacity import activities, agreements, deliveries, seats

urlpatterns = [
    path("deliveries/", deliveries.tracker, name="deliveries"),
    path("commitments/<slug:slug>", deliveries.commitment, name="commitment"),
    path("commitments/<slug:slug>/plan", deliveries.plan, name="plan-delivery"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new", agreements.new, name="new-agreement"),
    path("agreements/<slug:slug>", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/<int:number>", agreements.promise, name="promise"),
    path("offers/<slug:slug>/applications", seats.applications, name="applications"),
    path("activities/", activities.activities, name="context-activities"),
    path("iati.xml", activities.iati_file, name="iati-file"),
]
