"""The tables of the record in one step, for a new instance; one that has made the first five goes on with what it has."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('record', '0001_initial'), ('record', '0002_audience'), ('record', '0003_log'), ('record', '0004_member_slug'), ('record', '0005_payload_withheld')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Act',
            fields=[
                ('visibility', models.CharField(choices=[('public', 'Public'), ('members', 'Members'), ('committee', 'Committee'), ('delegation', 'Delegation')], default='public', max_length=10)),
                ('audience', models.CharField(blank=True, default='', max_length=80)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('schema', models.PositiveSmallIntegerField()),
                ('type', models.CharField(max_length=60)),
                ('office', models.CharField(max_length=60)),
                ('member', models.CharField(blank=True, max_length=60)),
                ('authority', models.CharField(max_length=200)),
                ('subject', models.CharField(max_length=250)),
                ('entered_at', models.DateTimeField()),
                ('content', models.JSONField()),
                ('payload', models.BinaryField(null=True)),
                ('is_payload_withheld', models.BooleanField(default=False)),
                ('payload_opens_at', models.DateTimeField(null=True)),
                ('payload_sha256', models.CharField(blank=True, db_index=True, max_length=64)),
                ('salt', models.BinaryField(max_length=32, null=True)),
                ('body', models.BinaryField()),
                ('body_sha256', models.CharField(max_length=64, unique=True)),
                ('sequence', models.PositiveBigIntegerField(null=True, unique=True)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['-entered_at'], name='record_act_entered_8ddec7_idx'), models.Index(fields=['subject'], name='record_act_subject_9de56e_idx'), models.Index(condition=models.Q(('sequence__isnull', True)), fields=['entered_at'], name='record_unsequenced')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', ''), ('visibility__in', ['public', 'members'])), models.Q(('audience__startswith', 'committee:'), ('visibility', 'committee')), models.Q(('audience__startswith', 'delegation:'), ('visibility', 'delegation')), _connector='OR'), name='record_act_audience_fits_circle'), models.CheckConstraint(condition=models.Q(models.Q(('salt__isnull', True), ('visibility', 'public')), models.Q(('visibility', 'public'), _negated=True), _connector='OR'), name='record_public_acts_have_no_salt')],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('note', models.TextField()),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-signed_at', '-size'],
                'constraints': [models.UniqueConstraint(fields=('origin', 'size'), name='record_one_tree_per_size')],
            },
        ),
        migrations.CreateModel(
            name='LogState',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('holder', models.CharField(blank=True, max_length=80)),
                ('held_until', models.DateTimeField(null=True)),
                ('stopped', models.CharField(blank=True, max_length=500)),
                ('stopped_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='record_one_log_state')],
            },
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(max_length=200)),
                ('line', models.TextField()),
                ('witnessed_at', models.DateTimeField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cosignatures', to='record.checkpoint')),
            ],
            options={
                'ordering': ['checkpoint', 'witness'],
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'witness'), name='record_one_cosignature_each')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(db_index=True, max_length=250)),
                ('relation', models.CharField(choices=[('wasDerivedFrom', 'Was Derived From'), ('wasGeneratedBy', 'Was Generated By'), ('wasRevisionOf', 'Was Revision Of'), ('wasAttributedTo', 'Was Attributed To'), ('wasInfluencedBy', 'Was Influenced By'), ('used', 'Used')], max_length=30)),
                ('object', models.CharField(db_index=True, max_length=250)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='record.act')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('act', 'subject', 'relation', 'object'), name='record_link_once_per_act')],
            },
        ),
    ]
