"""Kills programs while they write, fills the disk, turns back the clock: is anything lost?"""
