"""The names of libraries and constants that both profiles give to a call."""

import math

import cv2
import numpy as np
import PIL
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps


def libraries(image):
    return {
        "image": image,
        "img": image,
        "draw": ImageDraw.Draw(image),
        "PIL": PIL,
        "Image": Image,
        "ImageEnhance": ImageEnhance,
        "ImageFilter": ImageFilter,
        "ImageOps": ImageOps,
        "ImageDraw": ImageDraw,
        "ImageFont": ImageFont,
        "np": np,
        "numpy": np,
        "cv2": cv2,
        "cv": cv2,
        "math": math,
        "PI": math.pi,
        "E": math.e,
    }
